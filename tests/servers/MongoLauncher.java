import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;

/** mongo-java-server on a port, its data in a file or ("memory") nowhere. */
class MongoLauncher {
	public static void main(String[] args) {
		MongoBackend backend = args[1].equals("memory")
			? new MemoryBackend() : new DurableBackend(args[1]);
		new MongoServer(backend).bind("127.0.0.1", Integer.parseInt(args[0]));
	}

	/**
	 * H2 writes what was changed once a second. Tests kill the server, and a
	 * write that was answered must not be lost by that: commit, then answer.
	 */
	static class DurableBackend extends H2Backend {
		DurableBackend(String file) {
			super(file);
			// Old chunks go at once: nobody cuts the power here.
			getMvStore().setRetentionTime(0);
		}

		@Override
		public Document handleMessage(MongoMessage message) {
			Document answer = super.handleMessage(message);
			commit();
			return answer;
		}

		@Override
		public QueryResult handleQuery(MongoQuery query) {
			QueryResult answer = super.handleQuery(query);
			commit();
			return answer;
		}
	}
}
